// A value has to equal an option of the template exactly; without completedAt the form would stay a draft. The time is that of Lever's own clock.
const form = settings.feedback;
const rating = form.ratingField !== null && input.recommendation != null
  ? [{ id: form.ratingField, value: form.ratings[input.recommendation] }]
  : [];
return {
  baseTemplateId: form.templateId,
  fieldValues: [...rating, { id: form.summaryField, value: `${input.text}\n\n[aria:${effect.key}]` }],
  completedAt: reads.clock
};
