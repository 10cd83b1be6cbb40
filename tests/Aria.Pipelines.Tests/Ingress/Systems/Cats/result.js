const label = v => settings.labels[v] ?? v;
return [
  input.status != null ? `ARIA interview: ${label(input.status)}` : 'ARIA interview',
  input.score != null ? `Score: ${round(input.score, settings.scoreDecimals)} of 10` : null,
  input.recommendation != null ? `Recommendation: ${label(input.recommendation)}` : null,
  input.transcript_url != null ? `Transcript: ${input.transcript_url}` : null,
  input.recording_url != null ? `Recording: ${input.recording_url}` : null
].filter(line => line !== null).join('\n');
