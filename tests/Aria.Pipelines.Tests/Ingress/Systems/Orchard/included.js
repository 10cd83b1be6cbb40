// JSON:API keeps what a record refers to beside the records.
const included = response.body.included ?? [];
const related = (record, name) => {
  const to = record.relationships?.[name]?.data;
  return included.find(i => i.type === to?.type && i.id === to?.id) ?? null;
};
return response.body.data.map(record => {
  const stage = related(record, 'stage');
  return { ...record, attributes: { ...record.attributes, stage: stage?.attributes?.name ?? null, 'stage-id': stage?.id ?? null }, candidate: related(record, 'candidate'), job: related(record, 'job') };
});
