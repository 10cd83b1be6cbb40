const interview = steps.details.output;
switch (interview.status) {
  case 'completed':
    return { application_id: event.application.id, status: 'completed', score: interview.score };
  case 'no_show':
  case 'expired':
    return { application_id: event.application.id, status: 'no_show' };
  default:
    return { application_id: event.application.id, status: 'pending' };
}
