// What the system itself says now; what it notified when the candidate is gone.
const c = reads.candidate ?? payload.Payload?.find(p => p?.Type === 'Candidate')?.Data ?? {};
const text = value => value === undefined || value === null ? null : String(value);
const email = c.Email?.trim() || null;
return {
  application: {
    id: text(c.Id),
    status: c.Disqualified ? 'rejected' : 'active',
    stage: c.StageId == null ? null : { id: text(c.StageId), name: text(c.Stage?.Name) },
    applied_at: text(c.Created),
    url: null,
    source: null
  },
  candidate: {
    id: text(c.Id),
    first_name: text(c.FirstName),
    last_name: text(c.LastName),
    name: [c.FirstName, c.LastName].filter(Boolean).join(' ') || null,
    email,
    email_canonical: canonicalEmail(email),
    phone: text(c.Phone),
    resume_url: null,
    url: null
  },
  job: { id: text(c.JobId), title: text(c.Job?.Title), requisition_id: null }
};
