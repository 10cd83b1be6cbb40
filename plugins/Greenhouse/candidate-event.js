// A deletion and a merge speak of a person, others name the candidate by id alone.
const { candidate, person, scorecard } = payload.payload;
const c = candidate ?? person ?? { id: scorecard?.candidate_id ?? payload.payload.candidate_id };
const id = v => v === null || v === undefined ? null : String(v);
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
    id: id(c.id),
    first_name: c.first_name ?? null,
    last_name: c.last_name ?? null,
    name: name === '' ? null : name,
    email,
    email_canonical: canonicalEmail(email),
    phone: pick(c.phone_numbers, 'mobile'),
    resume_url: resume?.url ?? null,
    url: person ? null : c.url ?? `${settings.appUrl}/people/${c.id}`
  },
  ...(person?.new_candidate_id ? { merged_into: { id: id(person.new_candidate_id) } } : {}),
  ...(scorecard ? { scorecard: { id: id(scorecard.id), status: scorecard.scorecard_status ?? null } } : {})
};
