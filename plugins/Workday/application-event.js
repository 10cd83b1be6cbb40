// What was asked when the event was accepted; the step is the one the event is about, where the feed says it.
const nobody = { id: null, first_name: null, last_name: null, name: null, email: null, email_canonical: null, phone: null, resume_url: null, url: null };
const found = reads.application ?? {
  application: { id: payload.application_id, status: null, stage: null, applied_at: null, url: null, source: null },
  candidate: { ...nobody, id: payload.application_id.split(':')[0] },
  job: { id: null, title: null, requisition_id: null }
};
const step = payload.step_id ?? null;
const stage = step === null || step === found.application.stage?.id
  ? found.application.stage
  : { id: step, name: settings.stageNames[step] ?? payload.step_name ?? step };

return { application: { ...found.application, stage }, candidate: found.candidate, job: found.job };
