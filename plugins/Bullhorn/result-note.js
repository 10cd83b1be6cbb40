const label = v => settings.labels[v] ?? v;
const all = settings.results === 'note';
const link = m => input[m] != null && (all || settings.fields[m] == null);
return [
  input.status != null ? `ARIA interview: ${label(input.status)}` : 'ARIA interview',
  all && input.score != null ? `Score: ${round(input.score, 1)} of 10` : null,
  all && input.recommendation != null ? `Recommendation: ${label(input.recommendation)}` : null,
  link('transcript_url') ? `Transcript: ${input.transcript_url}` : null,
  link('recording_url') ? `Recording: ${input.recording_url}` : null
].filter(line => line !== null).join('\n');
