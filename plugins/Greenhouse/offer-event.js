// Of the application only ids are sent. A deletion holds them one level deeper.
const o = payload.payload.offer ?? payload.payload;
const id = v => v === null || v === undefined ? null : String(v);

return {
  offer: { id: id(o.id), status: o.offer_status ?? null, version: o.version ?? null },
  application: { id: id(o.application_id), status: null, stage: { id: null, name: null }, applied_at: null, url: null, source: null },
  candidate: { id: null, first_name: null, last_name: null, name: null, email: null, email_canonical: null, phone: null, resume_url: null, url: null },
  job: { id: id(o.job_id), title: null, requisition_id: null }
};
