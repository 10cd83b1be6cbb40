const fields = {};
for (const member of ['status', 'score', 'recommendation', 'transcript_url', 'recording_url']) {
  const id = settings.resultFields[member];
  const value = input[member];
  if (id == null || value == null) continue;
  fields[id] = member === 'score' ? round(value, settings.scoreDecimals) : settings.labels[value] ?? value;
}
return { application_id: input.application_id, fields };
