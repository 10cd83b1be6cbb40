// Harvest v3 answers flat rows; its status 'in_process' is what webhooks call 'active'. The source is only an id here, so it stays unknown.
const a = reads.application;
const c = reads.candidate ?? {};
const id = v => v === null || v === undefined ? null : String(v);
const pick = (list, type) => {
  const items = (list ?? []).filter(i => i.value);
  const found = items.find(i => i.type === type) ?? items[0];
  return found ? found.value.trim() : null;
};
const email = pick(c.email_addresses, settings.emailType);
const name = [c.first_name, c.last_name].filter(n => n).join(' ');

return {
  application: {
    id: id(a.id),
    status: a.status === 'in_process' ? 'active' : a.status ?? null,
    stage: { id: id(reads.stage?.job_interview_stage_id), name: a.stage_name ?? null },
    applied_at: a.created_at ?? null,
    url: `${settings.appUrl}/people/${a.candidate_id}?application_id=${a.id}`,
    source: null
  },
  candidate: {
    id: id(a.candidate_id),
    first_name: c.first_name ?? null,
    last_name: c.last_name ?? null,
    name: name === '' ? null : name,
    email,
    email_canonical: canonicalEmail(email),
    phone: pick(c.phone_numbers, 'mobile'),
    resume_url: reads.resume?.url ?? null,
    url: `${settings.appUrl}/people/${a.candidate_id}`
  },
  job: { id: id(a.job_id), title: reads.job?.name ?? null, requisition_id: id(reads.job?.requisition_id) }
};
