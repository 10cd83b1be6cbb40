// How the fields of this event are nested is not published: settings.places says where each stands.
const data = {};
const put = (pointer, value) => {
  const names = pointer.split('/').slice(1);
  const last = names.pop();
  let at = data;
  names.forEach((name, n) => { at = at[name] ??= /^\d+$/.test(names[n + 1] ?? last) ? [] : {}; });
  at[last] = value;
};
const values = {
  agency: settings.agencyCode, application: input.application_id, package: input.package_id, status: input.status,
  text: input.text == null ? null : truncate(input.text, settings.textLength), link: input.link, score: input.score, recommendation: input.recommendation
};
for (const [name, value] of Object.entries(values)) {
  if (value != null && settings.places[name] != null) put(settings.places[name], value);
}
return { events: [{ serviceCategoryCode: { codeValue: 'staffing' }, eventNameCode: { codeValue: 'job-applicant.external-assessment.status.change' }, data }] };
