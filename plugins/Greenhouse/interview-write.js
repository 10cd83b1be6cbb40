const same = (a, b) => a.trim().toLowerCase() === b.trim().toLowerCase();
const writes = [];
for (const member of ['status', 'score', 'recommendation', 'transcript_url', 'recording_url']) {
  const key = settings.fields[member];
  if (input[member] == null || key == null) continue;
  const field = reads.fields.find(f => f.name_key === key);
  let value = input[member];
  if (member === 'score') {
    value = round(value, settings.scoreDecimals);
    if (field.value_type !== 'number') value = String(value);
  } else if (member === 'status' || member === 'recommendation') {
    value = settings.labels[value] ?? value;
    if (field.value_type === 'single_select') {
      const option = reads.options.find(o => o.custom_field_id === field.id && same(o.name, value));
      value = settings.optionAs === 'name' ? option.name : option.id;
    }
  }
  writes.push({ name_key: key, value });
}
return { custom_fields: settings.customFieldsAs === 'object' ? Object.fromEntries(writes.map(w => [w.name_key, w.value])) : writes };
