const form = settings.feedback;
const missing = ['templateId', 'summaryField'].filter(m => form[m] == null).map(m => `Feedback needs settings.feedback.${m}.`);
const rating = form.ratingField != null && input.recommendation != null && form.ratings[input.recommendation] == null
  ? [`settings.feedback.ratings names no option for '${input.recommendation}'.`]
  : [];
return [...missing, ...rating];
