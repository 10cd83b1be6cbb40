// What interview.write would refuse at run time, said before anything runs.
const allowed = {
  status: ['single_select', 'short_text', 'long_text'],
  score: ['number', 'short_text'],
  recommendation: ['single_select', 'short_text', 'long_text'],
  transcript_url: ['url', 'short_text', 'long_text'],
  recording_url: ['url', 'short_text', 'long_text']
};
const options = { status: ['pending', 'completed', 'no_show'], recommendation: ['advance', 'maybe', 'pass'] };
const same = (a, b) => a.trim().toLowerCase() === b.trim().toLowerCase();
const held = reads[settings.fieldHolder];
const other = settings.fieldHolder === 'application' ? 'candidate' : 'application';
const found = [];

for (const member of Object.keys(settings.fields)) {
  const key = settings.fields[member];
  const setting = `fields.${member}`;
  if (!allowed[member]) {
    found.push({ setting, message: `There is no result '${member}' to write into a custom field.`, value: member, known: Object.keys(allowed) });
    continue;
  }
  if (key === null) {
    continue;
  }
  const field = held.find(f => f.name_key === key);
  if (!field) {
    found.push(reads[other].some(f => f.name_key === key)
      ? { setting, message: `Greenhouse holds the custom field '${key}' on ${other}s, but settings.fieldHolder says '${settings.fieldHolder}'.` }
      : { setting, message: `Greenhouse has no active ${settings.fieldHolder} custom field '${key}' for '${member}'.`, value: key, known: held.map(f => f.name_key).sort() });
    continue;
  }
  if (!allowed[member].includes(field.value_type)) {
    found.push({ setting, message: `The Greenhouse custom field '${key}' for '${member}' is of type ${field.value_type}. It has to be one of: ${allowed[member].join(', ')}.` });
    continue;
  }
  if (field.value_type === 'single_select') {
    const names = reads.options.filter(o => o.custom_field_id === field.id).map(o => o.name).sort();
    for (const value of options[member].filter(v => !names.some(n => same(n, settings.labels[v] ?? v)))) {
      const label = settings.labels[value] ?? value;
      found.push({ setting: `labels.${value}`, message: `The Greenhouse custom field '${key}' has no option '${label}' for '${value}'.`, value: label, known: names });
    }
  }
}

return found;
