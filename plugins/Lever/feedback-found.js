const forms = response.body.data ?? response.body;
const form = forms.find(f => JSON.stringify(f).includes(`[aria:${effect.key}]`));
if (!form && response.body.hasNext) throw new Error('There are more than 100 feedback forms, and the latest 100 do not hold the marker.');
return form ? { feedback_id: String(form.id) } : null;
