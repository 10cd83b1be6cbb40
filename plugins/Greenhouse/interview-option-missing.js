const same = (a, b) => a.trim().toLowerCase() === b.trim().toLowerCase();
return ['status', 'recommendation']
  .filter(m => input[m] != null && settings.fields[m] != null)
  .map(m => ({
    member: m,
    label: settings.labels[input[m]] ?? input[m],
    field: reads.fields.find(f => f.name_key === settings.fields[m])
  }))
  .filter(x => x.field.value_type === 'single_select' && !reads.options.some(o => o.custom_field_id === x.field.id && same(o.name, x.label)))
  .map(x => `The Greenhouse custom field '${x.field.name_key}' has no option '${x.label}' for '${x.member}'. Add it, or name the existing one in settings.labels.`);
