// The candidate properties that the settings name, by id or label; what the account does not have is left out.
const same = (a, b) => a.trim().toLowerCase() === b.trim().toLowerCase();
return Object.entries(settings.fields)
  .filter(([, key]) => key !== null)
  .map(([member, key]) => ({ member, property: response.body.content.find(p => p.id === key || same(p.label, key)) }))
  .filter(x => x.property)
  .map(x => ({ member: x.member, id: x.property.id, label: x.property.label, type: x.property.type }));
