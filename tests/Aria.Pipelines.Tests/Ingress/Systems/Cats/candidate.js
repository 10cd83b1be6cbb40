// Addresses and numbers stand in the record, or in lists under it; only what is used is kept.
const c = response.body;
const more = c._embedded ?? {};
const emails = more.emails ?? [];
const phones = more.phones ?? [];
return {
  id: c.id,
  first_name: c.first_name,
  last_name: c.last_name,
  email: c.email ?? c.emails?.primary ?? (emails.find(e => e.is_primary) ?? emails[0])?.email ?? null,
  phone: c.phone ?? (phones.find(p => p.type?.toLowerCase() === 'mobile') ?? phones[0])?.number ?? c.phones?.cell ?? c.phones?.home ?? c.phones?.work ?? null,
  source: c.source
};
