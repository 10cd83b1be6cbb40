const same = (a, b) => a.trim().toLowerCase() === b.trim().toLowerCase();
return reads.fields
  .filter(f => f.type === 'SINGLE_SELECT' && ['status', 'recommendation'].includes(f.member) && input[f.member] != null)
  .map(f => ({ field: f, label: settings.labels[input[f.member]] ?? input[f.member] }))
  .filter(x => !reads[`${x.field.member}_options`].some(o => same(o.label, x.label)))
  .map(x => `The candidate property '${x.field.label}' has no option '${x.label}' for '${x.field.member}'. Add it, or name the existing one in settings.labels.`);
