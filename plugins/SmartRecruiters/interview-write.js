const same = (a, b) => a.trim().toLowerCase() === b.trim().toLowerCase();
const value = {
  status: f => choice(f, settings.labels[input.status] ?? input.status),
  recommendation: f => choice(f, settings.labels[input.recommendation] ?? input.recommendation),
  score: f => f.type === 'TEXT' ? String(round(input.score, settings.scoreDecimals)) : round(input.score, settings.scoreDecimals),
  transcript_url: () => input.transcript_url,
  recording_url: () => input.recording_url
};
const choice = (f, label) => f.type === 'SINGLE_SELECT' ? reads[`${f.member}_options`].find(o => same(o.label, label)).id : label;

return reads.fields.filter(f => input[f.member] != null).map(f => ({ id: f.id, value: value[f.member](f) }));
