// A candidate that was deleted cannot be read any more: only the id is left.
const c = reads?.candidate ?? { id: payload.body.id };
const name = [c.firstName, c.lastName].filter(n => n).join(' ');
const email = c.email?.trim() || null;

return {
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
  }
};
