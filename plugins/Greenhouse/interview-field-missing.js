['status', 'score', 'recommendation', 'transcript_url', 'recording_url']
  .filter(m => input[m] != null && settings.fields[m] != null && !reads.fields.some(f => f.name_key === settings.fields[m]))
  .map(m => `Greenhouse has no active ${settings.fieldHolder} custom field '${settings.fields[m]}' for '${m}'. Create it, name another in settings.fields.${m}, or set that to null.`)
