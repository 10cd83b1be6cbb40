// What interview.write would refuse at run time, said before anything runs.
const found = [];
const same = (a, b) => a.trim().toLowerCase() === b.trim().toLowerCase();
const user = reads.users.find(u => u.id === settings.performAs);
if (!user || user.deactivatedAt != null) {
  found.push({ setting: 'performAs', message: user ? 'This Lever user is deactivated: nothing can be done on its behalf.' : 'Lever has no user with this id.', value: settings.performAs, known: reads.users.filter(u => u.deactivatedAt == null).map(u => u.id) });
}
for (const status of Object.keys(settings.stages)) {
  const stage = settings.stages[status];
  if (stage !== null && !reads.stages.some(s => s.id === stage || same(s.text ?? '', stage))) {
    found.push({ setting: `stages.${status}`, message: `Lever has no stage '${stage}'.`, value: stage, known: reads.stages.map(s => s.text) });
  }
}
if (settings.hiredReasonId != null && !reads.reasons.some(r => r.id === settings.hiredReasonId)) {
  found.push({ setting: 'hiredReasonId', message: 'Lever has no archive reason with this id.', value: settings.hiredReasonId, known: reads.reasons.map(r => r.id) });
}
if (settings.feedback.templateId != null) {
  const template = reads.templates.find(t => t.id === settings.feedback.templateId);
  const fields = template?.fields ?? [];
  if (!template) {
    found.push({ setting: 'feedback.templateId', message: 'Lever has no feedback template with this id.', value: settings.feedback.templateId, known: reads.templates.map(t => t.id) });
  }
  const rating = fields.find(f => f.id === settings.feedback.ratingField);
  if (template && settings.feedback.ratingField != null && rating?.type !== 'score-system') {
    found.push({ setting: 'feedback.ratingField', message: 'The feedback template has no score-system field with this id.', value: settings.feedback.ratingField, known: fields.filter(f => f.type === 'score-system').map(f => f.id) });
  }
  if (template && !fields.some(f => f.id === settings.feedback.summaryField && ['text', 'textarea'].includes(f.type))) {
    found.push({ setting: 'feedback.summaryField', message: 'The feedback template has no text field with this id.', value: settings.feedback.summaryField, known: fields.filter(f => ['text', 'textarea'].includes(f.type)).map(f => f.id) });
  }
  const options = (rating?.options ?? []).map(o => o.text);
  for (const recommendation of Object.keys(settings.feedback.ratings)) {
    if (rating && !options.includes(settings.feedback.ratings[recommendation])) {
      found.push({ setting: `feedback.ratings.${recommendation}`, message: `The rating has no option '${settings.feedback.ratings[recommendation]}'. It has to be written exactly as in Lever.`, value: settings.feedback.ratings[recommendation], known: options });
    }
  }
}
return found;
