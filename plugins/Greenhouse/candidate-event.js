const c = payload.payload.candidate;
const pick = (list, type) => {
  const items = (list ?? []).filter(i => i.value);
  const found = items.find(i => i.type === type) ?? items[0];
  return found ? found.value.trim() : null;
};
const email = pick(c.email_addresses, settings.emailType);
const name = [c.first_name, c.last_name].filter(n => n).join(' ');
const resume = (c.attachments ?? []).find(f => f.type === 'resume');

return {
  candidate: {
    id: String(c.id),
    first_name: c.first_name ?? null,
    last_name: c.last_name ?? null,
    name: name === '' ? null : name,
    email,
    email_canonical: canonicalEmail(email),
    phone: pick(c.phone_numbers, 'mobile'),
    resume_url: resume?.url ?? null,
    url: c.url ?? `${settings.appUrl}/people/${c.id}`
  }
};
