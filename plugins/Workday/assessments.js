// Assessments that were started or changed in a window. What this connector writes itself is no news.
const list = value => [].concat(value ?? []);
const data = response.body.Get_Assess_Candidate_Response?.Response_Data;

return list(data?.Assess_Candidate_Data).concat(list(data?.Inline_Assessment_Data))
  .filter(a => a.Job_Application_Reference && a.Candidate_Reference)
  .filter(a => !(a.Candidate_Assessment_Data?.Assess_Candidate_Reference ?? '').startsWith(settings.assessmentPrefix))
  .filter(a => settings.started === null || settings.started.split(',').includes(a.Candidate_Assessment_Data?.Assessment_Status_Reference?.Assessment_Status_ID))
  .map(a => {
    const application = `${a.Candidate_Reference[settings.idTypes.candidate]}:${a.Job_Application_Reference[settings.idTypes.application]}`;
    return {
      // An assessment during the application has no event of its own.
      event_id: a.Event_Reference?.WID ?? `inline:${application}`,
      application_id: application,
      // The answer does not say when: the window ends now, a backfill's began then.
      changed_at: poll.until ? poll.since : (poll.next?.split(' ')[1] ?? poll.now)
    };
  });
