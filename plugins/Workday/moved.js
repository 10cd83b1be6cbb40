// The application is in the step that it was to be moved to.
const wanted = input.application_id.split(':').pop();
const applied = [].concat(response.body.Get_Candidates_Response?.Response_Data?.Candidate ?? [])
  .flatMap(c => [].concat(c.Candidate_Data.Job_Application_Data ?? [])).flatMap(a => [].concat(a.Job_Applied_To_Data ?? []))
  .find(a => Object.values(a.Job_Application_Reference ?? {}).includes(wanted));

return applied && Object.values(applied.Workflow_Step_Reference ?? {}).includes(input.stage_id)
  ? { application_id: input.application_id, stage_id: input.stage_id }
  : null;
