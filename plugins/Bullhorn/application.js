// Ids are numbers: all of them become texts.
const s = reads.submission;
const c = s.candidate ?? {};
const j = s.jobOrder ?? {};
const id = v => v === null || v === undefined ? null : String(v);
const text = v => v?.trim?.() || null;
const email = text(c.email);
const name = text(c.name) ?? text([c.firstName, c.lastName].filter(n => n).join(' '));
const applied = s.dateWebResponse ?? s.dateAdded;
const status = s.status;

return {
  application: {
    id: id(s.id),
    status: text(status),
    stage: text(status) === null ? null : { id: text(status), name: text(status) },
    applied_at: applied == null ? null : new Date(applied).toISOString(),
    url: null,
    source: text(s.source)
  },
  candidate: {
    id: id(c.id),
    first_name: text(c.firstName),
    last_name: text(c.lastName),
    name,
    email,
    email_canonical: canonicalEmail(email),
    phone: text(c.mobile) ?? text(c.phone),
    resume_url: null,
    url: null
  },
  job: { id: id(j.id), title: text(j.title), requisition_id: settings.requisitionField == null ? null : text(id(j[settings.requisitionField])) }
};
