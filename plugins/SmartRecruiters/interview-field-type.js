const allowed = {
  status: ['SINGLE_SELECT', 'TEXT'],
  score: ['NUMBER', 'TEXT'],
  recommendation: ['SINGLE_SELECT', 'TEXT'],
  transcript_url: ['TEXT'],
  recording_url: ['TEXT']
};
return reads.fields
  .filter(f => input[f.member] != null && !allowed[f.member].includes(f.type))
  .map(f => `The candidate property '${f.label}' for '${f.member}' is of type ${f.type}. It has to be one of: ${allowed[f.member].join(', ')}.`);
