// An opportunity is the application. Lever neither splits names nor has a status: archived with the reason that means a hire, archived, or active.
const o = reads.opportunity;
const p = reads.posting;
const text = v => v === undefined || v === null || v === '' ? null : String(v);
const name = text(o.name);
const space = name === null ? -1 : name.lastIndexOf(' ');
const email = text((o.emails ?? [])[0]);
const phones = o.phones ?? [];
const phone = phones.find(f => f.type === 'mobile') ?? phones[0];
const stage = o.stage ?? null;
const stageId = typeof stage === 'object' && stage !== null ? stage.id : stage;
const reason = o.archived?.reason ?? null;

return {
  application: {
    id: text(o.id),
    status: o.archived == null ? 'active' : reason !== null && reason === settings.hiredReasonId ? 'hired' : 'archived',
    stage: stageId == null ? null : { id: text(stageId), name: typeof stage === 'object' ? text(stage?.text) : null },
    applied_at: typeof o.createdAt === 'number' ? new Date(o.createdAt).toISOString() : null,
    url: text(o.urls?.show) ?? `${settings.appUrl}/candidates/${o.id}`,
    source: text((o.sources ?? [])[0])
  },
  candidate: {
    id: text(typeof o.contact === 'object' ? o.contact?.id : o.contact),
    first_name: name === null ? null : space < 0 ? name : name.slice(0, space),
    last_name: name === null || space < 0 ? null : name.slice(space + 1),
    name,
    email,
    email_canonical: canonicalEmail(email),
    phone: text(phone?.value),
    resume_url: null,
    url: text(o.urls?.show) ?? `${settings.appUrl}/candidates/${o.id}`
  },
  job: { id: text(p?.id), title: text(p?.text), requisition_id: text((p?.requisitionCodes ?? [])[0]) }
};
