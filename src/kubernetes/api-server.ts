/** Where an API server of Kubernetes is, and who asks it. */
export interface ApiServer {
  /** Its base, which may have a path: `https://10.0.0.1:6443`. */
  readonly url: URL
  /** Whose signature its certificate has, in PEM. Default: those that Node knows. */
  readonly ca?: string
  /** The name that its certificate is for, where it is another one than that of the URL. */
  readonly serverName?: string
  /** The certificate that it is shown, and its key, in PEM. Default: none. */
  readonly client?: { readonly cert: string; readonly key: string }
  /** The token that it is sent, and that is asked for before each request, since it changes. Default: none. */
  readonly token?: () => Promise<string>
}
