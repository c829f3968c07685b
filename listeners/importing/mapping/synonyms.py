"""The names of columns in exports, archives and the answers of data providers, by field."""

from __future__ import annotations

# Likeliest first, written small and run together: "Created At", created_at and createdAt are all createdat. After the
# English names stand those of spreadsheets in other languages, without accents.
SYNONYMS = {
    "reply_text": (
        "replytext replycontent replymessage developerreply developerresponse ownerresponse ownerreply "
        "ownerresponsetext ownerreplytext companyreply companyresponse companyreplytext businessresponse brandreply "
        "brandresponse developerresponsebody developercomment developerreplytext yourresponse yourreply ourresponse "
        "ourreply merchantreply merchantresponse sellerreply sellerresponse managementresponse managementreply "
        "hotelresponse propertyresponse propertyreply hostresponse publicresponse publicreply officialresponse "
        "responsefromowner responsefromtheowner responsefromownertext ownercomment owneranswer reply response answer "
        "answertext responsetext responsecontent replybody responsebody replycomment responsecomment responsemessage "
        "brandsreply replied responded answered hasreply hasresponse isanswered isreplied"
    ),
    "reply_at": (
        "replyat repliedat replydate replypublisheddate replycreatedat replytime ownerresponsedate ownerreplydate "
        "developerresponsemodified developerresponsedate developerreplydate developerreplydateandtime companyreplydate "
        "companyresponsedate companyreplycreatedat businessresponsedate yourresponsedate yourreplydate "
        "ourresponsedate ourreplydate dateofyourresponse dateofresponse dateofreply merchantreplydate "
        "sellerreplydate sellerresponsedate managementresponsedate hotelresponsedate propertyresponsedate "
        "publicresponsedate officialresponsedate responsefromownerdate ownerresponsepublisheddate responsedate "
        "responseat respondedat "
        "answeredat replypublishedat replytimestamp replyupdatedat responsecreatedat responsepublishedat "
        "responsemodifieddate brandsreplydate"
    ),
    "reply_author": "replyauthor repliedby responseauthor respondedby answeredby replyusername brandsreplyauthor",
    "is_from_brand": "isfrombrand frombrand isbrand isowner isofficial isagent isstaff bybrand",
    "text": (
        "text fulltext body selftext content review reviewtext reviewbody reviewcontent comment commenttext "
        "commentbody message tweet tweettext posttext textfull description snippet feedback opinion caption "
        "statustext contents usercomment cleantext verbatim comments reviews kommentar rezension "
        "rezensionstext texto comentario comentarios resena testo commento recensione texte commentaire avis "
        "tekst opmerking recensie "
        "descriptiontext bodytext plaintext rawmessage bewertungstext rezensionsinhalt textodelaresena"
    ),
    "title": (
        "title headline subject summary reviewtitle posttitle heading submissiontitle titel titre titulo titolo betreff"
    ),
    "published_at": (
        "publishedat createdat createdutc created createddate creationdate createdtime published "
        "publisheddate publishdate publishingdate publishedon publicationdate datepublished postedat postedon "
        "posted timestamp datetime date time at reviewdate reviewdata reviewedat reviewcreatedat "
        "submissiondate submittedat submitted posteddate reviewtime commentdate tweetcreated tweetdate "
        "postdate createtime publishtime datecreated localtime when day datum fecha data zeitpunkt erstelltam "
        "veroffentlichtam fechadecreacion horodatage dataora dateposted dateofreview reviewdateandtime dateadded "
        "recordeddate submitdate completedat startdate"
    ),
    "edited_at": (
        "editedat updatedat modifiedat lastmodified updateddate lastedited edited updated datemodified modified"
    ),
    "author": (
        "author authorname authorattributiondisplayname ownerdisplayname sourceauthorname "
        "authordisplayname authorusername username userdisplayname userscreenname "
        "consumerdisplayname screenname displayname reviewername reviewer reviewerdisplayname usernickname "
        "nickname handle accountname accountacct user account fromuser fromname by poster postedby customer "
        "customername customerdisplayname consumer consumername name "
        "authorid userid autor auteur autore verfasser nutzername benutzername "
        "usuario utilisateur utente gebruiker naam nome nombre nom guestname guest"
    ),
    "author_url": "authorurl authorlink authorprofile profileurl profilelink userurl userlink",
    "rating": (
        "rating stars starrating reviewrating ratingvalue reviewratingratingvalue rate reviewrate reviewstars "
        "overall overallrating numstars userrating star reviewscore score nps npsscore csat csatscore "
        "bewertung sterne sternebewertung valoracion calificacion puntuacion estrellas avaliacao estrelas "
        "classificacao valutazione punteggio stelle voto beoordeling waardering sterren etoiles note nota cijfer betyg"
    ),
    "url": (
        "url permalink link fulllink reviewurl reviewlink posturl postlink commentlink commenturl tweeturl weburl "
        "pageurl sourceurl href uri"
    ),
    "native_id": (
        "nativeid id reviewid tweetid commentid postid statusid messageid mentionid submissionid encid idstr uuid "
        "guid fullname externalid"
    ),
    "thread_id": "threadid conversationid submission linkid discussionid topicid rootid",
    "parent_id": (
        "parentid inreplyto inreplytoid inreplytostatusid inreplytotweetid inresponsetotweetid inresponsetoid "
        "replytoid parent parentcommentid replyto"
    ),
    "source": "source platform channel network site store sourcename",
    "kind": "kind type posttype contenttype mentiontype",
    "brand": (
        "brand brandname company companyname airline business businessname organization organisation product "
        "productname app appname entity competitor"
    ),
    "engagement": (
        "engagement likes likecount likescount favoritecount favouritecount favorites upvotes upvotecount ups "
        "votes points postscore thumbsupcount thumbsup helpful helpfulcount helpfulvotes usefulcount useful "
        "publicmetricslikecount reactions reactioncount score gefalltmir jaime megusta mipiace curtidas"
    ),
    "reach": (
        "reach followers followercount followerscount authorfollowers userfollowerscount authorfollowerscount audience"
    ),
    "language": "language lang languagecode textlanguage locale",
}
# Objects that only wrap: review.title is a title, while reply.text is no text.
WRAPPERS = frozenset(
    (
        "review",
        "service",
        "post",
        "comment",
        "data",
        "item",
        "node",
        "attributes",
        "snippet",
        "tweet",
        "legacy",
        "dates",
        "properties",
        "event",
        "thread",
        "payload",
        "record",
        "entry",
        "message",
    )
)
# Beside one of these, "score" counts votes and not stars.
REDDIT = frozenset(("subreddit", "selftext", "numcomments", "createdutc", "permalink", "linkid"))
# Beside one of these, it counts no votes: the rows are reviews.
REVIEWS = frozenset(
    (
        *("review", "reviews", "reviewtext", "reviewbody", "reviewcontent", "reviewtitle", "reviewdate", "reviewid"),
        *("reviewer", "reviewername", "feedback", "guestname", "rezension", "bewertungstext", "avis", "resena"),
        "recensione",
    )
)
# Names that mean a brand however many different ones there are.
SURE_BRANDS = frozenset(("brand", "brandname", "company", "companyname", "airline"))
