// A missed webhook is not a no-show: the interview itself says how it ended.
const interview = steps.details.output;
const completed = interview.status === 'completed';

return {
  application_id: event.application.id,
  status: completed ? 'completed' : 'no_show',
  score: complete ? interview.score : null,
  recommendation: completed ? interview.recommendation : null,
  transcript_url: completed ? interview.transcript_url : null,
};
