// The status is that of the event, which the history knows; the submission itself may have gone on since. Ids are numbers: all of them become texts.
const s = reads.submission;
const c = s.candidate ?? {};
const j = s.jobOrder ?? {};
const id = v => v === null || v === undefined ? null : String(v);
const text = v => v?.trim?.() || null;
const email = text(c.email);
const name = text(c.name) ?? text([c.firstName, c.lastName].filter(n => n).join(' '));
const applied = s.dateWebResponse ?? s.dateAdded;
const entry = reads.history[0];
const made = payload.entityEventType === 'INSERTED';
// An account whose histories begin with the first change does not tell the status before it. Two clocks are compared, so they may be apart a little.
const isFirst = made && entry !== undefined && entry.dateAdded <= payload.eventTimestamp + 5000;
const isIts = !made && entry?.transactionID != null && entry.transactionID === payload.eventMetadata?.TRANSACTION_ID;
const status = isFirst || isIts ? entry.status : made && entry !== undefined && payload.change === 'status' ? null : s.status;

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
