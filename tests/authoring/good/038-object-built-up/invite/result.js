// A missed webhook is not a no-show: the interview itself says how it ended.
const interview = steps.details.output;
const completed = interview.status === 'completed';

const made = { application_id: event.application.id };
if (completed) { made.score = interview.score; made.status = 'completed'; }
return made;
