// SmartRecruiters identifies an application by the pair of candidate and job. A stage is a status with the sub-status of the hiring process, where it has one.
const c = reads.candidate;
const job = reads.job;
const assignments = [c.primaryAssignment, ...(c.secondaryAssignments ?? [])].filter(a => a?.job);
const a = reads.application ?? assignments.find(x => x.job.id === job.id) ?? {};
const name = [c.firstName, c.lastName].filter(n => n).join(' ');
const email = c.email?.trim() || null;

return {
  application: {
    id: `${c.id}~${job.id}`,
    status: a.status ?? null,
    stage: a.status ? { id: a.subStatus ? `${a.status}/${a.subStatus}` : a.status, name: a.subStatus ?? a.status } : null,
    applied_at: null,
    url: settings.profileUrl === null ? null : settings.profileUrl + c.id,
    source: a.source ?? null
  },
  candidate: {
    id: c.id,
    first_name: c.firstName ?? null,
    last_name: c.lastName ?? null,
    name: name === '' ? null : name,
    email,
    email_canonical: canonicalEmail(email),
    phone: c.phoneNumber ?? null,
    resume_url: null,
    url: settings.profileUrl === null ? null : settings.profileUrl + c.id
  },
  job: { id: job.id, title: job.title ?? null, requisition_id: job.refNumber ?? null }
};
