// screeningSummary holds 255 characters.
const label = v => settings.labels[v] ?? v;
const summary = [
  input.recommendation != null ? `Recommendation: ${label(input.recommendation)}` : null,
  input.score != null ? `Score: ${round(input.score, 1)} of 10` : null
].filter(line => line !== null).join('\n');
const values = {
  status: input.status != null ? label(input.status) : null,
  score: input.score != null ? round(input.score / 10 * settings.scoreOf, 0) : null,
  summary: summary !== '' ? truncate(summary, 255) : null,
  recommendation: input.recommendation != null ? label(input.recommendation) : null,
  transcript_url: input.transcript_url ?? null,
  recording_url: input.recording_url ?? null
};
const body = {};
for (const [part, value] of Object.entries(values)) {
  if (value !== null && settings.fields[part] != null) {
    body[settings.fields[part]] = value;
  }
}
return body;
