using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;

namespace Aria.Pipelines.Host.Verbs;

/// <summary>Tries addresses before the web server takes them, which would end with a stack trace in the log and not say whose address it was.</summary>
internal static class ListenTrouble
{
    /// <param name="urls">Addresses, separated by semicolons.</param>
    /// <param name="option">The option they were given with.</param>
    /// <returns>Why one of them cannot be listened on; null when all can.</returns>
    public static string? Of(string urls, string option)
    {
        foreach (string url in urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            BindingAddress address = BindingAddress.Parse(url);
            IPAddress ip = address.Host == "localhost" ? IPAddress.Loopback : IPAddress.TryParse(address.Host, out IPAddress? given) ? given : IPAddress.Any;
            try
            {
                // Bound and not listening: an early sender has to find nobody, and not somebody who goes away.
                using var socket = new Socket(ip.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
                socket.Bind(new IPEndPoint(ip, address.Port));
            }
            catch (SocketException e)
            {
                return e.SocketErrorCode switch
                {
                    SocketError.AddressAlreadyInUse => $"The host cannot listen on {url}: another program listens there already. Stop it, or give another address with '{option}'.",
                    SocketError.AccessDenied => $"The host cannot listen on {url}: the user '{Environment.UserName}' may not use port {address.Port}. Give another one with '{option}'.",
                    SocketError.AddressNotAvailable => $"The host cannot listen on {url}: this machine has no such address. Give another one with '{option}'.",
                    _ => $"The host cannot listen on {url}: {e.Message}. Give another address with '{option}'.",
                };
            }
        }
        return null;
    }
}
