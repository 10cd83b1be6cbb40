// A row of applicants2jobs says who, which job and which step, and the reads add the rest; an export says nearly all by itself. All may be null, and ids may be numbers.
const id = v => v === null || v === undefined || v === '' ? null : String(v);
const list = v => [].concat(v ?? []);
const time = d => /^\d{4}-\d\d-\d\d/.test(d ?? '') ? `${d.slice(0, 10)}T${/^.{10}[ T]\d\d:\d\d:\d\d$/.test(d) ? d.slice(11) : '00:00:00'}Z` : null;
const named = (first, last) => [first, last].filter(n => n).join(' ') || null;
const requisition = id(reads?.job?.internal_code);

if (payload.body == null) {
  const a = reads?.applicant ?? {};
  const there = list(a.jobs).filter(j => id(j?.job_id) === id(payload.job_id));
  // The record is younger than the row: its words are about the row's step only while the applicant is still in it.
  const same = there.find(j => id(j.workflow_step_id) === id(payload.workflow_step_id));
  const step = id(payload.workflow_step_id);
  const email = a.email?.trim() || null;
  return {
    application: {
      id: `${payload.applicant_id}~${payload.job_id}`,
      status: null,
      stage: step === null ? null : { id: step, name: settings.stageNames[step] ?? same?.applicant_progress ?? null },
      applied_at: time(payload.date),
      url: null,
      source: id(a.source)
    },
    candidate: {
      id: id(payload.applicant_id),
      first_name: a.first_name ?? null,
      last_name: a.last_name ?? null,
      name: named(a.first_name, a.last_name),
      email,
      email_canonical: canonicalEmail(email),
      phone: a.phone ?? null,
      resume_url: null,
      url: null
    },
    job: { id: id(payload.job_id), title: reads?.job?.title ?? there[0]?.job_title ?? null, requisition_id: requisition }
  };
}

// As in application-id.js.
const candidate = payload.body.candidate;
const person = candidate.person;
const said = (payload.headers?.['x-jazzhr-export-context'] ?? '').split(/[^\w-]+/);
const openings = list(candidate.profiles).flatMap(p => list(p?.associatedPositionOpenings)).filter(o => o?.positionOpeningId?.value != null);
const moved = o => o.candidateStatus?.transitionDateTime ?? '';
const opening = openings.find(o => said.includes(String(o.positionOpeningId.value))) ?? openings.sort((a, b) => moved(b) > moved(a) ? 1 : -1)[0];
const status = opening.candidateStatus ?? {};
const email = list(person.communication?.email)[0]?.address?.trim() || null;
const link = (payload.headers?.link ?? '').replace(/^<([^>]*)>.*$/, '$1');

return {
  application: {
    id: `${person.id.value}~${opening.positionOpeningId.value}`,
    status: status.category ?? null,
    stage: status.name == null ? null : { id: null, name: status.name },
    applied_at: time(person.applyDate),
    url: null,
    source: null
  },
  candidate: {
    id: id(person.id.value),
    first_name: person.name?.given ?? null,
    last_name: person.name?.family ?? null,
    name: named(person.name?.given, person.name?.family) ?? person.name?.formattedName ?? null,
    email,
    email_canonical: canonicalEmail(email),
    phone: list(person.communication?.phone)[0]?.formattedNumber ?? null,
    resume_url: null,
    url: /^https?:\/\//.test(link) ? link : null
  },
  job: { id: id(opening.positionOpeningId.value), title: opening.positionTitle ?? reads?.job?.title ?? null, requisition_id: requisition }
};
