const interview = steps.details.output;
if (interview.score !== null && interview.score > 10) {
  throw new Error(`score ${interview.score}`);
}
try {
  return { application_id: event.application.id, status: 'completed', score: interview.score };
} catch (e) {
  return { application_id: event.application.id, status: 'no_show' };
}
