const { status, score, recommendation } = steps.interview.output;
const application_id = event.application.id;

return status === 'completed'
  ? { application_id, status: 'completed', score, recommendation }
  : { application_id, status: 'no_show' };
