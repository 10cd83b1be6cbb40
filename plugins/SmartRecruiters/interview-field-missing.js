['status', 'score', 'recommendation', 'transcript_url', 'recording_url']
  .filter(m => input[m] != null && settings.fields[m] != null && !reads.fields.some(f => f.member === m))
  .map(m => `SmartRecruiters has no candidate property '${settings.fields[m]}' for '${m}'. Create it, name another by label or id in settings.fields.${m}, or set that to null.`)
