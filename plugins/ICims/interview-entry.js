const notes = [
  input.transcript_url != null && settings.transcriptIn === 'assessmentnotes' ? `Transcript: ${input.transcript_url}` : null,
  input.recording_url != null ? `Recording: ${input.recording_url}` : null
].filter(n => n);

return {
  application_id: input.application_id,
  status: input.status != null ? settings.assessmentStatuses[input.status] : null,
  score: input.score != null ? round(input.score, settings.scoreDecimals) : null,
  result: input.recommendation != null ? settings.labels[input.recommendation] ?? input.recommendation : null,
  notes: notes.length > 0 ? notes.join('\n') : null,
  url: settings.transcriptIn === 'assessmenturl' ? input.transcript_url ?? null : null
};
