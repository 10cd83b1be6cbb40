const id = v => v === null || v === undefined || v === '' ? null : String(v);
const p = reads.pipeline;
const c = reads.candidate;
const email = c.email?.trim() || null;

return {
  application: {
    id: input.application_id,
    status: id(reads.status?.mapping),
    stage: p.status_id == null ? null : { id: id(p.status_id), name: reads.status?.title ?? null },
    applied_at: p.date_created ?? null,
    url: null,
    source: id(c.source)
  },
  candidate: {
    id: id(p.candidate_id),
    first_name: c.first_name ?? null,
    last_name: c.last_name ?? null,
    name: [c.first_name, c.last_name].filter(n => n).join(' ') || null,
    email,
    email_canonical: canonicalEmail(email),
    phone: id(c.phone),
    resume_url: null,
    url: settings.profileUrl != null ? `${settings.profileUrl}${p.candidate_id}` : null
  },
  job: { id: id(p.job_id), title: reads.job?.title ?? null, requisition_id: id(reads.job?.external_id) }
};
