// Every application of the candidates of a page, with the time at which it came and that of its step.
const list = value => [].concat(value ?? []);

return list(response.body.Get_Candidates_Response?.Response_Data?.Candidate).flatMap(candidate =>
  list(candidate.Candidate_Data.Job_Application_Data).flatMap(a => list(a.Job_Applied_To_Data))
    .filter(a => a.Job_Application_Reference)
    .map(a => {
      const application = `${candidate.Candidate_Reference[settings.idTypes.candidate]}:${a.Job_Application_Reference[settings.idTypes.application]}`;
      const step = a.Workflow_Step_Reference?.[settings.idTypes.step] ?? null;
      return {
        event_id: `${application} ${step} ${a.Status_Timestamp}`,
        application_id: application,
        step_id: step,
        step_name: a.Workflow_Step_Reference?.['@Descriptor'] ?? null,
        applied_at: a.Job_Application_Date ?? null,
        changed_at: a.Status_Timestamp ?? a.Job_Application_Date ?? null
      };
    }));
