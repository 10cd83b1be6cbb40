// One application out of a Get_Candidates answer, in canonical shape; null when it is not there.
const list = value => [].concat(value ?? []);
const id = (reference, type) => reference?.[type] ?? reference?.WID ?? null;
const [, wanted] = (reads.owner ?? input.application_id).split(':');

for (const candidate of list(response.body.Get_Candidates_Response?.Response_Data?.Candidate)) {
  const data = candidate.Candidate_Data;
  const applied = list(data.Job_Application_Data).flatMap(a => list(a.Job_Applied_To_Data))
    .find(a => Object.values(a.Job_Application_Reference ?? {}).includes(wanted));
  if (!applied) continue;
  const candidateId = id(candidate.Candidate_Reference, settings.idTypes.candidate);
  const step = applied.Workflow_Step_Reference ?? (applied.Disposition_Reference ? null : applied.Stage_Reference);
  const stepId = id(step, applied.Workflow_Step_Reference ? settings.idTypes.step : settings.idTypes.stage);
  const name = [data.Name_Data?.First_Name, data.Name_Data?.Last_Name].filter(n => n).join(' ');
  const email = data.Contact_Data?.Email_Address ?? null;
  const job = id(applied.Job_Requisition_Reference, settings.idTypes.requisition);
  const title = applied.Job_Requisition_Reference?.['@Descriptor'] ?? null;
  return {
    application: {
      id: `${candidateId}:${id(applied.Job_Application_Reference, settings.idTypes.application)}`,
      status: applied.Disposition_Reference ? 'rejected' : 'active',
      stage: step ? { id: stepId, name: settings.stageNames[stepId] ?? step['@Descriptor'] ?? stepId } : null,
      applied_at: applied.Job_Application_Date ?? null,
      url: null,
      source: applied.Source_Reference?.['@Descriptor'] ?? null
    },
    candidate: {
      id: candidateId,
      first_name: data.Name_Data?.First_Name ?? null,
      last_name: data.Name_Data?.Last_Name ?? null,
      name: name === '' ? null : name,
      email,
      email_canonical: canonicalEmail(email),
      phone: data.Contact_Data?.Phone_Number ?? null,
      resume_url: null,
      url: null
    },
    // The descriptor of a requisition is its id and its title.
    job: { id: job, title: title?.startsWith(`${job} `) ? title.slice(job.length + 1) : title, requisition_id: job }
  };
}
return null;
