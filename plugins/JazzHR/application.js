const id = v => v === null || v === undefined || v === '' ? null : String(v);
const a = reads.applicant;
const [, job] = input.application_id.split('~');
const mine = a.jobs.find(j => id(j.job_id) === job) ?? {};
const step = id(mine.workflow_step_id);
const email = a.email?.trim() || null;

return {
  application: {
    id: input.application_id,
    status: null,
    stage: step === null ? null : { id: step, name: mine.applicant_progress ?? settings.stageNames[step] ?? null },
    applied_at: /^\d{4}-\d\d-\d\d$/.test(a.apply_date ?? '') ? `${a.apply_date}T00:00:00Z` : null,
    url: null,
    source: id(a.source)
  },
  candidate: {
    id: id(a.id),
    first_name: a.first_name ?? null,
    last_name: a.last_name ?? null,
    name: [a.first_name, a.last_name].filter(n => n).join(' ') || null,
    email,
    email_canonical: canonicalEmail(email),
    phone: a.phone ?? null,
    resume_url: null,
    url: null
  },
  job: { id: job, title: reads.job?.title ?? mine.job_title ?? null, requisition_id: id(reads.job?.internal_code) }
};
