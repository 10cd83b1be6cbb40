const interview = steps.details.output;
if (interview.status === 'completed') {
  return { application_id: event.application.id, status: 'completed', score: interview.score };
} else if (interview.status === 'no_show') {
  return { application_id: event.application.id, status: 'no_show' };
} else {
  return { application_id: event.application.id, status: 'pending' };
}
