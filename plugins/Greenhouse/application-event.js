// Webhooks keep the shape of Harvest v1. A hire carries neither status nor stage, and a prospect may have several jobs or none:
// only a single job says which one the application is for. A deletion names candidate and job by id alone.
const a = payload.payload.application;
const c = a.candidate ?? {};
const id = v => v === null || v === undefined ? null : String(v);
const pick = (list, type) => {
  const items = (list ?? []).filter(i => i.value);
  const found = items.find(i => i.type === type) ?? items[0];
  return found ? found.value.trim() : null;
};
const jobs = a.jobs ?? (a.job ? [a.job] : []);
const job = jobs.length === 1 ? jobs[0] : null;
const email = pick(c.email_addresses, settings.emailType);
const name = [c.first_name, c.last_name].filter(n => n).join(' ');
const resume = (c.attachments ?? []).find(f => f.type === 'resume');

return {
  application: {
    id: id(a.id),
    status: a.status ?? (payload.action === 'hire_candidate' ? 'hired' : null),
    stage: { id: id(a.current_stage?.id), name: a.current_stage?.name ?? null },
    applied_at: a.applied_at ?? null,
    url: a.url ?? null,
    source: a.source?.name ?? a.source?.public_name ?? null
  },
  candidate: {
    id: id(c.id ?? a.candidate_id),
    first_name: c.first_name ?? null,
    last_name: c.last_name ?? null,
    name: name === '' ? null : name,
    email,
    email_canonical: canonicalEmail(email),
    phone: pick(c.phone_numbers, 'mobile'),
    resume_url: resume?.url ?? null,
    url: c.url ?? (c.id ? `${settings.appUrl}/people/${c.id}` : null)
  },
  job: { id: id(job?.id ?? a.job_id), title: job?.name ?? null, requisition_id: id(job?.requisition_id) }
};
