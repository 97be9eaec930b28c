// Swagger UI over our own document; a file of its own, so that the page needs no inline script.
window.ui = SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#swagger-ui',
  deepLinking: true,
  persistAuthorization: false,
  tryItOutEnabled: true,
  oauth2RedirectUrl: `${window.location.origin}/docs/signed-in`,
});
// A public client, registered with the redirect above, is named in the form.
window.ui.initOAuth({ usePkceWithAuthorizationCodeGrant: true });
