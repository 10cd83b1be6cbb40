const allowed = {
  status: ['single_select', 'short_text', 'long_text'],
  score: ['number', 'short_text'],
  recommendation: ['single_select', 'short_text', 'long_text'],
  transcript_url: ['url', 'short_text', 'long_text'],
  recording_url: ['url', 'short_text', 'long_text']
};
return Object.keys(allowed)
  .filter(m => input[m] != null && settings.fields[m] != null)
  .map(m => ({ member: m, field: reads.fields.find(f => f.name_key === settings.fields[m]) }))
  .filter(x => !allowed[x.member].includes(x.field.value_type))
  .map(x => `The Greenhouse custom field '${x.field.name_key}' for '${x.member}' is of type ${x.field.value_type}. It has to be one of: ${allowed[x.member].join(', ')}.`);
