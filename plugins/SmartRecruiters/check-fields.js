// What interview.write would refuse at run time, said before anything runs.
const allowed = {
  status: ['SINGLE_SELECT', 'TEXT'],
  score: ['NUMBER', 'TEXT'],
  recommendation: ['SINGLE_SELECT', 'TEXT'],
  transcript_url: ['TEXT'],
  recording_url: ['TEXT']
};
const options = { status: ['pending', 'completed', 'no_show'], recommendation: ['advance', 'maybe', 'pass'] };
const same = (a, b) => a.trim().toLowerCase() === b.trim().toLowerCase();
const found = [];

for (const member of Object.keys(settings.fields)) {
  const key = settings.fields[member];
  const setting = `fields.${member}`;
  const field = reads.fields.find(f => f.member === member);
  if (!allowed[member]) {
    found.push({ setting, message: `There is no result '${member}' to write into a candidate property.`, value: member, known: Object.keys(allowed) });
  } else if (key === null) {
    continue;
  } else if (!field) {
    found.push({ setting, message: `SmartRecruiters has no candidate property '${key}' for '${member}'.`, value: key, known: [...reads.labels].sort() });
  } else if (!allowed[member].includes(field.type)) {
    found.push({ setting, message: `The candidate property '${field.label}' for '${member}' is of type ${field.type}. It has to be one of: ${allowed[member].join(', ')}.` });
  } else if (field.type === 'SINGLE_SELECT') {
    const names = reads[`${member}_options`].map(o => o.label).sort();
    for (const value of options[member].filter(v => !names.some(n => same(n, settings.labels[v] ?? v)))) {
      const label = settings.labels[value] ?? value;
      found.push({ setting: `labels.${value}`, message: `The candidate property '${field.label}' has no option '${label}' for '${value}'.`, value: label, known: names });
    }
  }
}

return found;
