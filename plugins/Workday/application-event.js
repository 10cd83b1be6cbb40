// What was read when the event was accepted (nothing when the candidate is gone); the step is the one the event is about, where the feed says it.
const { application, candidate, job } = reads.application ?? {};
const step = payload.step_id ?? null;
const stage = step === null || step === application?.stage?.id
  ? application?.stage ?? null
  : { id: step, name: settings.stageNames[step] ?? payload.step_name ?? step };

return {
  application: {
    id: application?.id ?? payload.application_id,
    status: application?.status ?? null,
    stage,
    applied_at: application?.applied_at ?? null,
    url: null,
    source: application?.source ?? null
  },
  candidate: {
    id: candidate?.id ?? payload.application_id.split(':')[0],
    first_name: candidate?.first_name ?? null,
    last_name: candidate?.last_name ?? null,
    name: candidate?.name ?? null,
    email: candidate?.email ?? null,
    email_canonical: candidate?.email_canonical ?? null,
    phone: candidate?.phone ?? null,
    resume_url: null,
    url: null
  },
  job: { id: job?.id ?? null, title: job?.title ?? null, requisition_id: job?.requisition_id ?? null }
};
