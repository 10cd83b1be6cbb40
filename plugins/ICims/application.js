// The status is the stage: a list node. Hidden and empty fields are left out, so nothing may be taken as there. Dates are UTC in minutes.
const w = reads.workflow;
const p = reads.person ?? {};
const j = reads.job ?? {};
const of = (record, name) => settings.fields[name] ? record[settings.fields[name]] ?? null : null;
const text = v => v === null || v === undefined ? null : String(v.value ?? v);
const minute = /^(\d{4}-\d{2}-\d{2}) (\d{2}):(\d{2}) ([AP])M$/.exec(of(w, 'applied_at') ?? '');
const hour = minute ? String(Number(minute[2]) % 12 + (minute[4] === 'P' ? 12 : 0)).padStart(2, '0') : null;
const email = text(of(p, 'email'))?.trim() ?? null;
const phones = (of(p, 'phones') ?? []).filter(x => x.phonenumber);
const phone = phones.find(x => x.phonetype?.value === 'Mobile') ?? phones[0];
const name = [of(p, 'first_name'), of(p, 'last_name')].filter(n => n).join(' ');

return {
  application: {
    id: w.id,
    status: w.status?.value ?? null,
    stage: w.status ? { id: w.status.id, name: w.status.value ?? null } : null,
    applied_at: minute ? `${minute[1]}T${hour}:${minute[3]}:00Z` : null,
    url: null,
    source: text(w.source)
  },
  candidate: {
    id: p.id ?? null,
    first_name: of(p, 'first_name'),
    last_name: of(p, 'last_name'),
    name: name === '' ? w.associatedprofile?.value ?? null : name,
    email,
    email_canonical: canonicalEmail(email),
    phone: phone?.phonenumber ?? null,
    resume_url: null,
    url: null
  },
  job: { id: j.id ?? null, title: text(of(j, 'job_title')) ?? w.baseprofile?.value ?? null, requisition_id: text(of(j, 'requisition_id')) }
};
